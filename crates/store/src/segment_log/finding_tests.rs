use alcazar_crypto::SeededEntropy;
use alcazar_engine::port::audit_log::Order;

use super::*;
use crate::contract::{find, found_by_reading, labelled, labeller};
use crate::embedded_store::tests::{copy, open};

const TAGS: u32 = 12;

fn random(entropy: &SeededEntropy, below: u32) -> u32 {
    u32::from_be_bytes(alcazar_crypto::entropy::random(entropy).unwrap()) % below
}

/// A log of several segments; some records are of commits that never came to be.
fn fill(home: &Path, entropy: &SeededEntropy, segments: u32) {
    for segment in 0..segments {
        let (_store, audit) = open(home).unwrap();
        audit.label_by(labeller());
        for number in 0..random(entropy, 60) {
            let time = i64::from(segment * 50 + random(entropy, 90));
            let tags: Vec<_> = (0..random(entropy, 4)).map(|_| random(entropy, TAGS)).collect();
            let record = labelled(time, &tags);
            if number % 7 == 3 {
                audit.append_commits(&[(u64::from(1000 + number), record)]).unwrap();
            } else {
                audit.append(&record).unwrap();
            }
        }
    }
}

fn finds(entropy: &SeededEntropy, next_sequence: u64) -> Find {
    let order = if random(entropy, 2) == 0 { Order::NewestFirst } else { Order::OldestFirst };
    let place = u64::from(random(entropy, u32::try_from(next_sequence).unwrap() + 2));
    let after = (random(entropy, 2) == 0).then_some(place);
    let tags: Vec<_> = (0..=random(entropy, 2)).map(|_| random(entropy, TAGS + 2)).collect();
    let mut find = find(&tags, order, after, 1 + random(entropy, 40) as usize);
    if random(entropy, 2) == 0 {
        let from = i64::from(random(entropy, 500));
        find.from = Timestamp::from_millis(from);
        find.to = Timestamp::from_millis(from + i64::from(random(entropy, 200)));
    }
    if random(entropy, 8) == 0 {
        find.tags = None;
    }
    find
}

fn assert_finds_what_is_there(home: &Path, entropy: &SeededEntropy, searches: u32) {
    let (_store, audit) = open(home).unwrap();
    audit.label_by(labeller());
    for _ in 0..searches {
        let find = finds(entropy, audit.next_sequence());
        assert_eq!(audit.find(&find).unwrap(), found_by_reading(audit.as_ref(), &find), "{find:?}");
    }
}

fn indexes(home: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(home.join("audit")).unwrap().map(|file| file.unwrap().path());
    let mut indexes: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "idx")).collect();
    indexes.sort();
    indexes
}

#[test]
fn what_is_found_is_what_reading_everything_finds() {
    let home = tempfile::tempdir().unwrap();
    let entropy = SeededEntropy::new(11);
    fill(home.path(), &entropy, 9);
    assert_finds_what_is_there(home.path(), &entropy, 600);
}

#[test]
fn indexes_that_are_missing_damaged_or_of_another_log_are_made_again() {
    let home = tempfile::tempdir().unwrap();
    let entropy = SeededEntropy::new(12);
    fill(home.path(), &entropy, 6);
    let whole = tempfile::tempdir().unwrap();
    let damage: [fn(&[PathBuf]); 4] = [
        |indexes| indexes.iter().for_each(|path| std::fs::remove_file(path).unwrap()),
        |indexes| {
            indexes.iter().for_each(|path| std::fs::write(path, b"ALCAINDX, but not for long").unwrap())
        },
        |indexes| {
            for path in indexes {
                let mut bytes = std::fs::read(path).unwrap();
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
                std::fs::write(path, bytes).unwrap();
            }
        },
        |indexes| std::fs::copy(&indexes[1], &indexes[0]).map(|_| ()).unwrap(),
    ];
    for (number, damage) in damage.into_iter().enumerate() {
        let home_of_case = whole.path().join(number.to_string());
        copy(home.path(), &home_of_case);
        damage(&indexes(&home_of_case));
        // What a crash left of writing an index is no index.
        std::fs::write(home_of_case.join("audit/0000000000000002.idx-new"), b"half").unwrap();
        assert_finds_what_is_there(&home_of_case, &entropy, 150);
    }
}

#[test]
fn the_index_of_another_store_with_the_same_keys_is_not_believed() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(one.path(), &SeededEntropy::new(13), 3);
    fill(other.path(), &SeededEntropy::new(14), 3);
    for (from, to) in indexes(other.path()).iter().zip(indexes(one.path())) {
        std::fs::copy(from, to).unwrap();
    }
    assert_finds_what_is_there(one.path(), &SeededEntropy::new(15), 150);
}

#[test]
fn a_log_that_closes_its_segments_finds_across_them() {
    let home = tempfile::tempdir().unwrap();
    let (_store, audit) = open(home.path()).unwrap();
    audit.label_by(labeller());
    // Many tags make records long: that fills segments without millions of appends.
    let tags: Vec<u32> = (0..2_000).map(|number| 1_000_000 + number).collect();
    for number in 0..2_400_u32 {
        let mut record = labelled(i64::from(number), &[&[7, 50_000 + number][..], &tags].concat());
        record.label.tags.truncate(2);
        audit.append(&record).unwrap();
    }
    assert!(audit.position().0 >= 3);
    for number in [0, 3, 1_100, 2_399] {
        let found = audit.find(&find(&[50_000 + number], Order::NewestFirst, None, 50)).unwrap();
        assert_eq!(found.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [u64::from(number)]);
    }
    assert!(audit.find(&find(&[99], Order::NewestFirst, None, 50)).unwrap().is_empty());
    let pages = [None, Some(2_350), Some(1_300)].map(|after| {
        let found = audit.find(&find(&[7], Order::NewestFirst, after, 50)).unwrap();
        (found.first().unwrap().sequence, found.last().unwrap().sequence)
    });
    assert_eq!(pages, [(2_399, 2_350), (2_349, 2_300), (1_299, 1_250)]);
}
