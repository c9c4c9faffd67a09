//! Filters: every key, with every option and with good and bad values.

use serde_json::{Value as Json, json};

use crate::client::Client;

/// Parameters that differ in what they can be looked for by.
async fn parameters(client: &Client) {
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].clone();
    client.kms("CreateAlias", json!({"AliasName": "alias/own", "TargetKeyId": key})).await;
    for put in [
        json!({"Name": "top", "Type": "String"}),
        json!({"Name": "/app/a", "Type": "StringList", "Tags": [{"Key": "env", "Value": "prod"}]}),
        json!({"Name": "/app/b", "Type": "String", "Tier": "Advanced", "Tags": [{"Key": "env", "Value": "test"}]}),
        json!({"Name": "/app/deep/c", "Type": "SecureString", "Tags": [{"Key": "env", "Value": ""}]}),
        json!({"Name": "/app2/d", "Type": "SecureString", "KeyId": "alias/own", "Tags": [{"Key": "Env", "Value": "prod"}]}),
    ] {
        let mut put = put.clone();
        put["Value"] = json!("1");
        client.ok("PutParameter", put).await;
    }
}

fn filter(key: &str, option: &str, values: &[&str]) -> Json {
    let mut filter = json!({"Key": key});
    if !option.is_empty() {
        filter["Option"] = json!(option);
    }
    if !values.is_empty() {
        filter["Values"] = json!(values);
    }
    filter
}

/// The names that pass, without what is above them.
async fn passing(client: &Client, operation: &str, input: Json) -> String {
    let answer = client.ok(operation, input).await;
    let last = |it: &Json| it["Name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    answer["Parameters"].as_array().unwrap().iter().map(last).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn each_key_and_option_finds_what_it_should() {
    let client = Client::new(80);
    parameters(&client).await;
    let table: &[(&str, &str, &[&str], &str)] = &[
        ("Name", "", &["/app/a"], "a"),
        ("Name", "Equals", &["/app/a", "/top", "/none", "top"], "a top"),
        ("Name", "Equals", &["app"], ""),
        ("Name", "BeginsWith", &["/app"], "a b c d"),
        ("Name", "BeginsWith", &["/app/"], "a b c"),
        ("Name", "BeginsWith", &["to", "/app/d"], "c top"),
        ("Name", "BeginsWith", &["/"], "a b c d top"),
        ("Name", "Contains", &["p/"], "a b c"),
        ("Name", "Contains", &["op", "2"], "d top"),
        ("Name", "Contains", &["/top"], "top"),
        ("Path", "", &["/app"], "a b"),
        ("Path", "OneLevel", &["/app/", "/app/deep"], "a b c"),
        ("Path", "Recursive", &["/app"], "a b c"),
        ("Path", "Recursive", &["/app", "/app/deep"], "a b c"),
        ("Path", "OneLevel", &["/"], "top"),
        ("Path", "Recursive", &["/"], "a b c d top"),
        ("Type", "", &["String"], "b top"),
        ("Type", "Equals", &["SecureString", "StringList"], "a c d"),
        ("Type", "BeginsWith", &["String"], "a b top"),
        ("KeyId", "", &["alias/aws/ssm"], "c"),
        ("KeyId", "Equals", &["alias/own", "alias/aws/ssm"], "c d"),
        ("KeyId", "BeginsWith", &["alias/a"], "c"),
        ("KeyId", "Equals", &["own"], ""),
        ("Tier", "", &["Advanced"], "b"),
        ("Tier", "Equals", &["Standard", "Advanced"], "a b c d top"),
        ("Tier", "Equals", &["Intelligent-Tiering"], ""),
        ("Tier", "BeginsWith", &["Standard"], "a c d top"),
        ("DataType", "", &["text"], "a b c d top"),
        ("DataType", "Equals", &["aws:ec2:image"], ""),
        ("DataType", "BeginsWith", &["te"], "a b c d top"),
        ("tag:env", "", &["prod"], "a"),
        ("tag:env", "Equals", &["prod", "test"], "a b"),
        ("tag:env", "BeginsWith", &["te"], "b"),
        ("tag:env", "", &[], "a b c"),
        ("tag:Env", "", &["prod"], "d"),
        ("tag:none", "", &["prod"], ""),
    ];
    for (key, option, values, names) in table {
        let input = json!({"ParameterFilters": [filter(key, option, values)]});
        let found = passing(&client, "DescribeParameters", input).await;
        let sorted = |names: &str| {
            let mut names: Vec<_> = names.split(' ').map(str::to_owned).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(sorted(&found), sorted(names), "{key} {option} {values:?}");
    }
}

#[tokio::test]
async fn of_several_filters_all_must_be_passed() {
    let client = Client::new(81);
    parameters(&client).await;
    for (filters, names) in [
        (json!([filter("tag:env", "", &[]), filter("Type", "", &["String"])]), "b"),
        (json!([filter("Path", "Recursive", &["/app"]), filter("Name", "BeginsWith", &["/app/d"])]), "c"),
        (json!([filter("Path", "OneLevel", &["/app"]), filter("Name", "BeginsWith", &["/app/d"])]), ""),
        (json!([filter("Name", "", &["/app/a", "/app/b"]), filter("Tier", "", &["Standard"])]), "a"),
        (json!([filter("tag:env", "", &["prod"]), filter("tag:Env", "", &["prod"])]), ""),
        (json!([filter("KeyId", "BeginsWith", &["alias/"]), filter("Path", "Recursive", &["/app2"])]), "d"),
    ] {
        let input = json!({"ParameterFilters": filters});
        assert_eq!(passing(&client, "DescribeParameters", input).await, names, "{filters}");
    }
}

#[tokio::test]
async fn filters_of_the_old_kind_take_the_beginnings_of_names() {
    let client = Client::new(82);
    parameters(&client).await;
    for (filters, names) in [
        (json!([{"Key": "Name", "Values": ["/app/"]}]), "a b c"),
        (json!([{"Key": "Name", "Values": ["to"]}]), "top"),
        (json!([{"Key": "Type", "Values": ["StringList", "SecureString"]}]), "a c d"),
        (json!([{"Key": "KeyId", "Values": ["alias/own"]}, {"Key": "Name", "Values": ["/app"]}]), "d"),
    ] {
        assert_eq!(
            passing(&client, "DescribeParameters", json!({"Filters": filters})).await,
            names,
            "{filters}"
        );
    }
    let new = json!([filter("Name", "", &["x"])]);
    let both = json!({"Filters": [{"Key": "Name", "Values": ["x"]}], "ParameterFilters": new});
    let said = "You can use either Filters or ParameterFilters in a single request.";
    assert_eq!(
        client.refused("DescribeParameters", both).await,
        ("ValidationException".to_owned(), said.to_owned())
    );
    let either = json!({"Filters": [], "ParameterFilters": new});
    assert_eq!(passing(&client, "DescribeParameters", either).await, "");
}

#[tokio::test]
async fn paths_are_read_through_filters_too() {
    let client = Client::new(83);
    parameters(&client).await;
    for (filters, names) in [
        (json!([filter("Type", "", &["String"])]), "b"),
        (json!([filter("Type", "BeginsWith", &["String"])]), "a b"),
        (json!([filter("KeyId", "BeginsWith", &["alias"]), filter("Type", "", &["SecureString"])]), "c"),
        (json!([filter("KeyId", "Equals", &["alias/own"])]), ""),
        (json!([filter("Label", "", &["none"])]), ""),
    ] {
        let input = json!({"Path": "/app", "Recursive": true, "ParameterFilters": filters});
        assert_eq!(passing(&client, "GetParametersByPath", input).await, names, "{filters}");
    }
}

#[tokio::test]
async fn a_label_finds_the_version_that_has_it() {
    let client = Client::new(88);
    client.put("/p/x", "first").await;
    client.ok("LabelParameterVersion", json!({"Name": "/p/x", "Labels": ["live"]})).await;
    let second = json!({"Name": "/p/x", "Value": "second", "Type": "StringList", "Overwrite": true});
    client.ok("PutParameter", second).await;
    client.put("/p/y", "1").await;
    let labelled = async |others: &[Json]| {
        let filters = [&[filter("Label", "Equals", &["live"])], others].concat();
        let answer =
            client.ok("GetParametersByPath", json!({"Path": "/p", "ParameterFilters": filters})).await;
        answer["Parameters"].as_array().unwrap().clone()
    };
    let mut first = client.read("/p/x:live").await;
    first.as_object_mut().unwrap().remove("Selector");
    assert_eq!(labelled(&[]).await, [first.clone()]);
    assert_eq!(labelled(&[filter("Type", "", &["String"])]).await, [first]);
    assert!(labelled(&[filter("Type", "", &["StringList"])]).await.is_empty());
    client
        .ok("LabelParameterVersion", json!({"Name": "/p/x", "Labels": ["live"], "ParameterVersion": 2}))
        .await;
    assert_eq!(labelled(&[]).await[0]["Value"], "second");
}

type Refusal = (&'static str, String);

fn key(key: &str, valid: &str) -> Refusal {
    let said = format!("The following filter key is not valid: {key}. Valid filter keys include: [{valid}].");
    ("InvalidFilterKey", said)
}

fn option(option: &str, valid: &str) -> Refusal {
    let said =
        format!("The following filter option is not valid: {option}. Valid options include: [{valid}].");
    ("InvalidFilterOption", said)
}

fn missing(key: &str) -> Refusal {
    ("InvalidFilterValue", format!("The following filter values are missing : null for filter key {key}."))
}

#[tokio::test]
async fn filters_that_cannot_be_are_refused_by_both_operations() {
    let client = Client::new(84);
    let by_path = "Type, KeyId, Label";
    let describe = [
        (filter("Label", "", &["x"]), key("Label", "Path, Name, Type, KeyId, Tier")),
        (filter("Name", "OneLevel", &["x"]), option("OneLevel", "BeginsWith, Equals")),
        (filter("Tier", "Contains", &["Standard"]), option("Contains", "BeginsWith, Equals")),
        (filter("DataType", "Contains", &["text"]), option("Contains", "BeginsWith, Equals")),
        (filter("tag:k", "Contains", &[]), option("Contains", "BeginsWith, Equals")),
        (filter("Path", "Equals", &["/x"]), option("Equals", "Recursive, OneLevel")),
        (filter("Name", "", &[]), missing("Name")),
        (filter("Path", "Recursive", &[]), missing("Path")),
        (filter("DataType", "", &[]), missing("DataType")),
        (
            filter("Tier", "", &["Free"]),
            (
                "InvalidFilterOption",
                "The following filter value is not valid: Free. Valid values include: [Standard, Advanced, \
             Intelligent-Tiering]."
                    .to_owned(),
            ),
        ),
    ];
    let both = [
        (filter("Type", "Contains", &["String"]), option("Contains", "BeginsWith, Equals")),
        (filter("KeyId", "OneLevel", &["k"]), option("OneLevel", "BeginsWith, Equals")),
        (filter("Type", "", &[]), missing("Type")),
        (filter("KeyId", "", &[]), missing("KeyId")),
        (filter("Type", "", &["String", "Text"]), (
            "InvalidFilterOption",
            "The following filter value is not valid: Text. Valid values include: [String, StringList, SecureString]."
                .to_owned(),
        )),
    ];
    let paths = [
        (filter("Name", "", &["x"]), key("Name", by_path)),
        (filter("Path", "", &["/x"]), key("Path", by_path)),
        (filter("Tier", "", &["Standard"]), key("Tier", by_path)),
        (filter("DataType", "", &["text"]), key("DataType", by_path)),
        (filter("tag:k", "", &["v"]), key("tag:k", by_path)),
        (filter("Label", "BeginsWith", &["st"]), option("BeginsWith", "Equals")),
        (filter("Label", "", &[]), missing("Label")),
        (
            filter("Label", "", &["a", "b"]),
            ("InvalidFilterValue", "The following filter Label can have only one value".to_owned()),
        ),
    ];
    let check = async |operation: &str, filter: &Json, (code, said): &Refusal| {
        let input = json!({"Path": "/", "ParameterFilters": [filter]});
        let refused = client.refused(operation, input).await;
        assert_eq!((refused.0.as_str(), &refused.1), (*code, said), "{operation} {filter}");
    };
    for (filter, refusal) in describe.iter().chain(&both) {
        check("DescribeParameters", filter, refusal).await;
    }
    for (filter, refusal) in paths.iter().chain(&both) {
        check("GetParametersByPath", filter, refusal).await;
    }
}

#[tokio::test]
async fn each_key_is_taken_once() {
    let client = Client::new(85);
    for (first, second) in [("Name", "Name"), ("tag:k", "tag:k"), ("Type", "Type")] {
        let filters = json!([filter(first, "", &["String"]), filter(second, "BeginsWith", &["String"])]);
        let (code, message) =
            client.refused("DescribeParameters", json!({"ParameterFilters": filters})).await;
        assert_eq!(code, "InvalidFilterKey");
        let said = "A request can contain only one occurrence of a specific filter.";
        assert_eq!(message, format!("The following filter is duplicated in the request: {first}. {said}"));
    }
    let tags = json!([filter("tag:k", "", &["v"]), filter("tag:l", "", &["v"])]);
    client.ok("DescribeParameters", json!({"ParameterFilters": tags})).await;
}

#[tokio::test]
async fn filters_by_paths_that_cannot_be_are_refused() {
    let client = Client::new(86);
    let refused = async |path: &str| {
        let filters = json!([filter("Path", "Recursive", &["/ok", path])]);
        let (code, message) =
            client.refused("DescribeParameters", json!({"ParameterFilters": filters})).await;
        assert_eq!(code, "ValidationException");
        message
    };
    for path in ["/aws", "/AWS/x", "/ssm-x"] {
        let said = "Filters for common parameters can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). When \
                    using global parameters, please specify within a global namespace.";
        assert_eq!(refused(path).await, said, "{path}");
    }
    for path in ["/###", "//", "test", "/a//b", "/a b"] {
        let said = refused(path).await;
        assert!(
            said.starts_with("The parameter doesn't meet the parameter name requirements."),
            "{path}: {said}"
        );
        assert!(said.ends_with("Valid example: /get/parameters2-/by1./path0_."), "{path}: {said}");
    }
}

#[tokio::test]
async fn what_the_model_does_not_let_through_is_refused_first() {
    let client = Client::new(87);
    for filter in [
        json!({"Key": "key"}),
        json!({"Key": "tag:"}),
        json!({"Key": "tag:".to_owned() + &"k".repeat(129)}),
        json!({"Key": "Name", "Option": "over 10 chars"}),
        json!({"Key": "Name", "Values": []}),
        json!({"Key": "Name", "Values": [""]}),
        json!({"Key": "Name", "Values": ["v".repeat(1025)]}),
        json!({"Key": "Name", "Values": vec!["v"; 51]}),
    ] {
        let (code, message) =
            client.refused("DescribeParameters", json!({"ParameterFilters": [filter]})).await;
        assert_eq!(code, "ValidationException", "{filter}");
        assert!(message.starts_with("1 validation error detected: "), "{message}");
    }
}
