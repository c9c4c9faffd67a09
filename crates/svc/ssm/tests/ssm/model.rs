//! Filters as the documentation has them, in the plainest way: every parameter is looked at. What the service finds by its
//! index is compared with that, over random parameters and filters.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

use crate::client::Client;

const LEVELS: [&str; 4] = ["a", "b", "ab", "a.b"];
const KINDS: [&str; 3] = ["String", "StringList", "SecureString"];
const KEYS: [&str; 2] = ["alias/aws/ssm", "alias/own"];
const TAGS: [&str; 3] = ["one", "two", "on"];
const LABELS: [&str; 2] = ["live", "next"];

/// A parameter as it should be.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// The type and the key of each version.
    versions: Vec<(&'static str, Option<&'static str>)>,
    tier: &'static str,
    data_type: &'static str,
    tags: BTreeMap<&'static str, &'static str>,
    /// The labelled versions, by their place.
    labels: BTreeMap<&'static str, usize>,
}

/// A filter: its key, its option and its values.
pub(crate) type Filter = (String, Option<&'static str>, Vec<String>);

/// What is changed.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Put(String, &'static str, &'static str, &'static str, &'static str),
    Delete(String),
    Tag(String, &'static str, &'static str),
    Untag(String, &'static str),
    Label(String, &'static str),
}

fn name() -> impl Strategy<Value = String> {
    let levels = prop::collection::vec(select(&LEVELS[..]), 1..4);
    (levels, any::<bool>()).prop_map(|(levels, is_bare)| match &levels[..] {
        [top] if is_bare => (*top).to_owned(),
        levels => format!("/{}", levels.join("/")),
    })
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    let key = || select(&["env", "team"][..]);
    let put = (
        name(),
        select(&KINDS[..]),
        select(&KEYS[..]),
        select(&["Standard", "Advanced"][..]),
        select(&["text", "text", "text", "integer", "boolean"][..]),
    );
    prop_oneof![
        8 => put.prop_map(|(name, kind, key, tier, data_type)| Change::Put(name, kind, key, tier, data_type)),
        1 => name().prop_map(Change::Delete),
        6 => (name(), key(), select(&TAGS[..])).prop_map(|(name, key, value)| Change::Tag(name, key, value)),
        1 => (name(), key()).prop_map(|(name, key)| Change::Untag(name, key)),
        3 => (name(), select(&LABELS[..])).prop_map(|(name, label)| Change::Label(name, label)),
    ]
}

fn values(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(select(of).prop_map(str::to_owned), 1..4)
}

fn filter() -> impl Strategy<Value = Filter> {
    let named = |key: &str, options: &'static [&'static str], of: &'static [&'static str]| {
        let key = key.to_owned();
        (select(options), values(of)).prop_map(move |(option, values)| {
            (key.clone(), Some(option).filter(|option| !option.is_empty()), values)
        })
    };
    let either: &[&str] = &["", "Equals", "BeginsWith"];
    prop_oneof![
        named(
            "Name",
            &["", "Equals", "BeginsWith", "Contains"],
            &["/a", "a", "/", "/a/", "/ab/a", "b/", "/b/a.b"]
        ),
        named("Path", &["", "OneLevel", "Recursive"], &["/", "/a", "/a/", "/ab", "/b/ab/", "/a.b/a"]),
        named("Type", either, &KINDS),
        named("KeyId", either, &["alias/aws/ssm", "alias/own", "alias/", "none"]),
        named("Tier", either, &["Standard", "Advanced", "Intelligent-Tiering"]),
        named("DataType", either, &["text", "integer", "boolean", "te"]),
        named("tag:env", either, &TAGS),
        named("tag:team", either, &TAGS),
        Just(("tag:env".to_owned(), None, Vec::new())),
    ]
}

/// Filters with different keys.
pub(crate) fn filters() -> impl Strategy<Value = Vec<Filter>> {
    prop::collection::vec(filter(), 0..4).prop_map(|filters| {
        let mut keys = BTreeSet::new();
        filters.into_iter().filter(|(key, ..)| keys.insert(key.clone())).collect()
    })
}

/// Filters of what is below a path.
fn path_filters() -> impl Strategy<Value = Vec<Filter>> {
    let label = select(&LABELS[..]).prop_map(|label| ("Label".to_owned(), None, vec![label.to_owned()]));
    (filters(), proptest::option::of(label)).prop_map(|(filters, label)| {
        let others = filters.into_iter().filter(|(key, ..)| key == "Type" || key == "KeyId");
        others.chain(label).collect()
    })
}

pub(crate) fn shown(filters: &[Filter]) -> Json {
    let shown = |(key, option, values): &Filter| {
        let mut shown = json!({"Key": key});
        if let Some(option) = option {
            shown["Option"] = json!(option);
        }
        if !values.is_empty() {
            shown["Values"] = json!(values);
        }
        shown
    };
    filters.iter().map(shown).collect()
}

fn path_of(name: &str) -> String {
    if name.starts_with('/') { name.to_owned() } else { format!("/{name}") }
}

fn is_below(name: &str, path: &str, is_recursive: bool) -> bool {
    let above = format!("{}/", path.trim_end_matches('/'));
    let name = path_of(name);
    name.starts_with(&above) && (is_recursive || !name[above.len()..].contains('/'))
}

/// All parameters as they should be, by their paths, each with the name that it was made by.
#[derive(Debug, Default, Clone)]
pub(crate) struct Model(BTreeMap<String, (String, Parameter)>);

impl Model {
    fn passes(name: &str, parameter: &Parameter, version: usize, (key, option, values): &Filter) -> bool {
        let (kind, key_id) = parameter.versions[version];
        let tested = match key.as_str() {
            "Path" => {
                let is_recursive = *option == Some("Recursive");
                return values.iter().any(|path| is_below(name, path, is_recursive));
            }
            "Label" => return true,
            "Name" => Some(path_of(name)),
            "Type" => Some(kind.to_owned()),
            "KeyId" => key_id.map(str::to_owned),
            "Tier" => Some(parameter.tier.to_owned()),
            "DataType" => Some(parameter.data_type.to_owned()),
            _ => parameter.tags.get(&key["tag:".len()..]).map(|value| (*value).to_owned()),
        };
        let Some(tested) = tested else { return false };
        let slashed = |value: &String| if key == "Name" { path_of(value) } else { value.clone() };
        values.is_empty()
            || values.iter().any(|value| match option {
                Some("BeginsWith") => tested.starts_with(&slashed(value)),
                Some("Contains") => tested.contains(value.as_str()),
                _ => tested == slashed(value),
            })
    }

    /// The names of those that pass, each with the number of the version that does.
    pub(crate) fn passing(&self, filters: &[Filter]) -> BTreeSet<(String, usize)> {
        let label = filters.iter().find(|(key, ..)| key == "Label").map(|(_, _, values)| values[0].clone());
        let version = |parameter: &Parameter| match &label {
            Some(label) => parameter.labels.get(label.as_str()).copied(),
            None => Some(parameter.versions.len() - 1),
        };
        let passing = self.0.values().filter_map(|(name, parameter)| {
            let version = version(parameter)?;
            let passes = filters.iter().all(|filter| Self::passes(name, parameter, version, filter));
            passes.then(|| (name.clone(), version + 1))
        });
        passing.collect()
    }

    pub(crate) async fn apply(&mut self, client: &Client, change: Change) {
        let path = |name: &str| path_of(name);
        match change {
            Change::Put(name, kind, key, tier, data_type) => {
                self.put(client, name, (kind, key, tier, data_type)).await
            }
            Change::Delete(name) => {
                if self.0.remove(&path(&name)).is_some() {
                    client.ok("DeleteParameter", json!({"Name": name})).await;
                }
            }
            Change::Tag(name, key, value) => {
                if let Some((_, parameter)) = self.0.get_mut(&path(&name)) {
                    parameter.tags.insert(key, value);
                    let tags = json!([{"Key": key, "Value": value}]);
                    let input = json!({"ResourceType": "Parameter", "ResourceId": name, "Tags": tags});
                    client.ok("AddTagsToResource", input).await;
                }
            }
            Change::Untag(name, key) => {
                if let Some((_, parameter)) = self.0.get_mut(&path(&name)) {
                    parameter.tags.remove(key);
                    let input = json!({"ResourceType": "Parameter", "ResourceId": name, "TagKeys": [key]});
                    client.ok("RemoveTagsFromResource", input).await;
                }
            }
            Change::Label(name, label) => {
                if let Some((_, parameter)) = self.0.get_mut(&path(&name)) {
                    parameter.labels.insert(label, parameter.versions.len() - 1);
                    client.ok("LabelParameterVersion", json!({"Name": name, "Labels": [label]})).await;
                }
            }
        }
    }

    async fn put(
        &mut self,
        client: &Client,
        name: String,
        (kind, key, tier, data_type): (&'static str, &'static str, &'static str, &'static str),
    ) {
        let key = Some(key).filter(|_| kind == "SecureString");
        let value = if data_type == "boolean" { "true" } else { "1" };
        let mut input = json!({
            "Name": name, "Value": value, "Type": kind, "Overwrite": true, "DataType": data_type});
        if let Some(key) = key {
            input["KeyId"] = json!(key);
        }
        let made = || Parameter {
            versions: Vec::new(),
            tier: "Standard",
            data_type,
            tags: BTreeMap::new(),
            labels: BTreeMap::new(),
        };
        let (_, parameter) = self.0.entry(path_of(&name)).or_insert_with(|| (name, made()));
        // There is no way back from the advanced tier.
        if tier == "Advanced" {
            input["Tier"] = json!(tier);
            parameter.tier = tier;
        }
        parameter.versions.push((kind, key));
        parameter.data_type = data_type;
        client.ok("PutParameter", input).await;
    }
}

/// A cloud with a key of its own.
pub(crate) async fn client(seed: u64) -> Client {
    let client = Client::new(seed);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].clone();
    client.kms("CreateAlias", json!({"AliasName": "alias/own", "TargetKeyId": key})).await;
    client
}

/// The names and versions of a page.
pub(crate) fn told(answer: &Json) -> Vec<(String, usize)> {
    let told = |it: &Json| {
        let version = usize::try_from(it["Version"].as_u64().unwrap()).unwrap();
        (it["Name"].as_str().unwrap().to_owned(), version)
    };
    answer["Parameters"].as_array().unwrap().iter().map(told).collect()
}

/// All pages of a list.
async fn all(client: &Client, operation: &str, mut input: Json) -> BTreeSet<(String, usize)> {
    let mut found = BTreeSet::new();
    loop {
        let answer = client.ok(operation, input.clone()).await;
        let page = told(&answer);
        assert!(page.is_sorted_by_key(|(name, _)| name), "{page:?}");
        for item in page {
            assert!(found.insert(item.clone()), "{item:?} twice in {operation} of {input}");
        }
        let Some(token) = answer.get("NextToken") else { return found };
        assert!(!told(&answer).is_empty(), "nothing in a page of {operation} of {input}");
        input["NextToken"] = token.clone();
    }
}

#[test]
fn filters_find_what_looking_at_everything_finds() {
    let asked = (filters(), 1..8_u64);
    let below = (select(&["/", "/a", "/ab/", "/a/b"][..]), any::<bool>(), path_filters(), 1..8_u64);
    let strategy = (
        any::<u32>(),
        prop::collection::vec(change(), 0..60),
        prop::collection::vec(asked, 12),
        prop::collection::vec(below, 8),
    );
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(24) });
    let result = runner.run(&strategy, |(seed, changes, asked, below)| {
        runtime.block_on(async {
            let (client, mut model) = (client(u64::from(seed)).await, Model::default());
            for change in changes {
                model.apply(&client, change).await;
            }
            for (filters, most) in asked {
                let input = json!({"ParameterFilters": shown(&filters), "MaxResults": most});
                assert_eq!(all(&client, "DescribeParameters", input).await, model.passing(&filters), "{filters:?}");
            }
            for (path, is_recursive, mut filters, most) in below {
                let filtered = shown(&filters);
                let input = json!({
                    "Path": path, "Recursive": is_recursive, "ParameterFilters": filtered, "MaxResults": most});
                let option = if is_recursive { "Recursive" } else { "OneLevel" };
                filters.push(("Path".to_owned(), Some(option), vec![path.to_owned()]));
                assert_eq!(all(&client, "GetParametersByPath", input).await, model.passing(&filters), "{filters:?}");
            }
        });
        Ok(())
    });
    result.unwrap();
}
