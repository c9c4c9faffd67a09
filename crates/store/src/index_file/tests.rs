use alcazar_crypto::SeededEntropy;
use tempfile::TempDir;

use super::*;
use crate::segment_index::tests::{find, index};

fn keyring() -> Keyring {
    Keyring::generate(&SeededEntropy::new(1)).unwrap()
}

fn written(index: &SegmentIndex) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), index, &keyring(), &SeededEntropy::new(2)).unwrap();
    let path = segment::index_path(home.path(), index.number());
    (home, path)
}

fn open(home: &TempDir) -> Result<IndexFile, OpenError> {
    IndexFile::open(home.path(), 7, &keyring()).map(|file| file.expect("the file is there"))
}

/// Records of which some tags are frequent, some rare, and some anywhere among all numbers.
fn many(count: u32) -> SegmentIndex {
    let tags = |number: u32| vec![1, number % 10, u32::MAX - number % 7, number.wrapping_mul(2_654_435_761)];
    let records: Vec<_> =
        (0..count).map(|number| (i64::from(number * 3 % 1000) - 100, tags(number))).collect();
    index(&records)
}

#[test]
fn what_a_file_finds_is_what_the_index_in_memory_finds() {
    for count in [0, 1, 511, 512, 513, 3000] {
        let index = many(count);
        let (home, _) = written(&index);
        let file = open(&home).unwrap();
        assert_eq!((file.summary(), file.segment()), (index.summary(), index.id()));
        for order in [Order::NewestFirst, Order::OldestFirst] {
            for tag in [0, 1, 5, u32::MAX, u32::MAX - 6, 2_654_435_761, 12_345, 99] {
                for (after, limit) in [(None, 5000), (None, 3), (Some(100 + u64::from(count / 2)), 700)] {
                    let mut find = find(tag, order, after, limit);
                    assert_eq!(file.hits(&find).unwrap(), index.hits(&find));
                    (find.from, find.to) = (Timestamp::from_millis(0), Timestamp::from_millis(300));
                    assert_eq!(file.hits(&find).unwrap(), index.hits(&find));
                    find.tags = Some(vec![tag, 3, 4]);
                    assert_eq!(file.hits(&find).unwrap(), index.hits(&find));
                    find.tags = None;
                    assert_eq!(file.hits(&find).unwrap(), index.hits(&find));
                }
            }
        }
    }
}

#[test]
fn an_index_that_was_changed_is_refused_or_finds_the_same() {
    let index = many(40);
    let (home, path) = written(&index);
    let whole = std::fs::read(&path).unwrap();
    let wanted = find(1, Order::NewestFirst, None, 100);
    let found = index.hits(&wanted);
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        if let Ok(hits) = open(&home).and_then(|file| file.hits(&wanted)) {
            assert_eq!(hits, found);
        }
        std::fs::write(&path, &whole[..place]).unwrap();
        if let Ok(hits) = open(&home).and_then(|file| file.hits(&wanted)) {
            assert_eq!(hits, found);
        }
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(open(&home).unwrap().hits(&wanted).unwrap(), found);
}

#[test]
fn an_index_is_refused_under_another_number_and_another_keyring() {
    let (home, path) = written(&many(4));
    std::fs::copy(&path, segment::index_path(home.path(), 8)).unwrap();
    assert!(IndexFile::open(home.path(), 8, &keyring()).is_err());
    let other = Keyring::generate(&SeededEntropy::new(9)).unwrap();
    assert!(IndexFile::open(home.path(), 7, &other).is_err());
    assert!(IndexFile::open(home.path(), 9, &keyring()).unwrap().is_none());
}

#[test]
fn no_tag_and_no_time_is_readable_in_the_file() {
    let tag = 0xDEAD_BEEF_u32;
    let (_home, path) = written(&index(&[(0x1122_3344_5566, vec![tag; 1])]));
    let bytes = std::fs::read(path).unwrap();
    assert!(!bytes.windows(4).any(|window| window == tag.to_be_bytes() || window == tag.to_le_bytes()));
    assert!(!bytes.windows(5).any(|window| window == [0x22, 0x33, 0x44, 0x55, 0x66]));
}

#[test]
fn numbers_are_read_back_and_what_is_none_is_refused() {
    for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
        let mut bytes = Vec::new();
        put_number(&mut bytes, number);
        assert_eq!(get_number(&mut bytes.as_slice()), Some(number));
    }
    for number in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
        let mut bytes = Vec::new();
        put_signed(&mut bytes, number);
        assert_eq!(get_signed(&mut bytes.as_slice()), Some(number));
    }
    assert_eq!(get_number(&mut [0x80; 20].as_slice()), None);
    assert_eq!(get_number(&mut [].as_slice()), None);
}
