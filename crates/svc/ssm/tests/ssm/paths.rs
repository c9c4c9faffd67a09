//! Reading what is below a path.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const MALFORMED: &str = "Parameter path: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive) except global \
                         parameter name path prefixed with \"aws\" (case-sensitive). It should always begin with / \
                         symbol.It consists of sub-paths divided by slash symbol; each sub-path can be formed as a mix \
                         of letters, numbers and the following 3 symbols .-_";

async fn tree(client: &Client) {
    for name in ["top", "/slashed", "/app/one", "/app/two", "/app/prod/x", "/app/prod/deep/y", "/apple/z"] {
        client.put(name, name).await;
    }
}

/// The names below a path, in their order.
async fn below(client: &Client, input: Json) -> Vec<String> {
    let answer = client.ok("GetParametersByPath", input).await;
    assert_eq!(answer.get("NextToken"), None, "{answer}");
    let name = |it: &Json| it["Name"].as_str().unwrap().to_owned();
    answer["Parameters"].as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn one_level_is_read_or_all_of_them() {
    let client = Client::new(60);
    tree(&client).await;
    let one_level = |path: &str| json!({"Path": path});
    let all = |path: &str| json!({"Path": path, "Recursive": true});
    for path in ["/app", "/app/"] {
        assert_eq!(below(&client, one_level(path)).await, ["/app/one", "/app/two"]);
        assert_eq!(
            below(&client, all(path)).await,
            ["/app/one", "/app/prod/deep/y", "/app/prod/x", "/app/two"]
        );
    }
    assert_eq!(below(&client, one_level("/")).await, ["/slashed", "top"]);
    assert_eq!(below(&client, all("/")).await.len(), 7);
    for path in ["/app/one", "/none", "/ap", "/aws/service"] {
        assert_eq!(client.ok("GetParametersByPath", all(path)).await, json!({"Parameters": []}), "{path}");
    }
}

#[tokio::test]
async fn parameters_are_read_whole() {
    let client = Client::new(61);
    client.ok("PutParameter", json!({"Name": "/a/s", "Value": "secret", "Type": "SecureString"})).await;
    client.ok("PutParameter", json!({"Name": "/a/l", "Value": "x, y", "Type": "StringList"})).await;
    let answer = client.ok("GetParametersByPath", json!({"Path": "/a", "WithDecryption": true})).await;
    assert_eq!(answer["Parameters"][0], client.read("/a/l").await);
    assert_eq!(answer["Parameters"][1]["Value"], "secret");
    let sealed = client.ok("GetParametersByPath", json!({"Path": "/a"})).await;
    assert_eq!(sealed["Parameters"][1], client.read("/a/s").await);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    client
        .ok("PutParameter", json!({"Name": "/a/k", "Value": "s", "Type": "SecureString", "KeyId": key}))
        .await;
    client.kms("DisableKey", json!({"KeyId": key})).await;
    let opened = json!({"Path": "/a", "WithDecryption": true});
    assert_eq!(client.refused("GetParametersByPath", opened).await.0, "InvalidKeyId");
}

#[tokio::test]
async fn paths_that_cannot_be_are_refused() {
    let client = Client::new(62);
    for path in ["app", "a/b", "/a//b", "//", "/a b", "/*", "/ssm/x", "/AWS/service"] {
        let refused = client.refused("GetParametersByPath", json!({"Path": path})).await;
        assert_eq!(refused, ("ValidationException".to_owned(), MALFORMED.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn pages_end_where_nothing_follows() {
    let client = Client::new(63);
    for n in 0..20 {
        client.put(&format!("/p/n{n:02}"), "1").await;
    }
    let page = |token: Json, most: u64| json!({"Path": "/p", "MaxResults": most, "NextToken": token});
    let (mut names, mut token) = (Vec::new(), Json::Null);
    for most in [7, 3, 10] {
        let answer = client.ok("GetParametersByPath", page(token, most)).await;
        let parameters = answer["Parameters"].as_array().unwrap();
        assert_eq!(u64::try_from(parameters.len()).unwrap(), most);
        let page: Vec<_> = parameters.iter().map(|it| it["Name"].as_str().unwrap().to_owned()).collect();
        assert!(page.is_sorted());
        names.extend(page);
        token = answer["NextToken"].clone();
    }
    assert_eq!(token, Json::Null);
    names.sort_unstable();
    assert_eq!(names, (0..20).map(|n| format!("/p/n{n:02}")).collect::<Vec<_>>());
    assert_eq!(
        client.ok("GetParametersByPath", json!({"Path": "/p"})).await["Parameters"].as_array().unwrap().len(),
        10
    );
    assert_eq!(client.refused("GetParametersByPath", page(Json::Null, 11)).await.0, "ValidationException");
}

#[tokio::test]
async fn tokens_are_of_one_list_in_one_account_and_region() {
    let client = Client::new(64);
    for caller in [client.root.clone(), client.root.at("eu-west-1"), client.cloud.root("444455556666")] {
        for n in 0..3 {
            let put = json!({"Name": format!("/p/n{n}"), "Value": "1", "Type": "String"});
            client.ok_as(&caller, "PutParameter", put).await;
        }
    }
    let first = client.ok("GetParametersByPath", json!({"Path": "/p", "MaxResults": 1})).await;
    let token = first["NextToken"].as_str().unwrap();
    client.ok("GetParametersByPath", json!({"Path": "/p", "MaxResults": 10, "NextToken": token})).await;
    let refused = ("InvalidNextToken".to_owned(), format!("The following token is invalid: {token}."));
    for other in [
        json!({"Path": "/p", "Recursive": true}),
        json!({"Path": "/q"}),
        json!({"Path": "/p", "ParameterFilters": [{"Key": "Type", "Values": ["String"]}]}),
    ] {
        let mut input = other.clone();
        input["NextToken"] = json!(token);
        assert_eq!(client.refused("GetParametersByPath", input).await, refused, "{other}");
    }
    let input = json!({"Path": "/p", "NextToken": token});
    for caller in [client.root.at("eu-west-1"), client.cloud.root("444455556666")] {
        assert_eq!(client.refused_as(&caller, "GetParametersByPath", input.clone()).await, refused);
    }
    assert_eq!(client.refused("DescribeParameters", json!({"NextToken": token})).await, refused);
    let nonsense = json!({"Path": "/p", "NextToken": "fixture-invalid-token"});
    let said = "The following token is invalid: fixture-invalid-token.";
    assert_eq!(client.refused("GetParametersByPath", nonsense).await.1, said);
}

#[tokio::test]
async fn it_is_the_path_that_must_be_allowed() {
    let client = Client::new(65);
    tree(&client).await;
    let arn = |name: &str| format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/{name}");
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ssm:GetParametersByPath", "Resource": [arn("app"), arn("apple/")]},
        {"Effect": "Deny", "Action": "ssm:GetParametersByPath", "Resource": [arn("app/prod"), arn("app/prod/*")]},
        {"Effect": "Deny", "Action": "ssm:GetParametersByPath", "Resource": arn("apple/"),
         "Condition": {"StringEquals": {"ssm:Recursive": "true"}}}]});
    let reader = client.cloud.user_with_policy(ACCOUNT, "reader", &policy.to_string()).await;
    let all = json!({"Path": "/app", "Recursive": true});
    assert_eq!(
        client.ok_as(&reader, "GetParametersByPath", all).await["Parameters"].as_array().unwrap().len(),
        4
    );
    client.ok_as(&reader, "GetParametersByPath", json!({"Path": "/apple/"})).await;
    for (input, resource) in [
        (json!({"Path": "/app/prod"}), "app/prod"),
        (json!({"Path": "/app/"}), "app/"),
        (json!({"Path": "/apple"}), "apple"),
        (json!({"Path": "/apple/", "Recursive": true}), "apple/"),
        (json!({"Path": "/"}), ""),
    ] {
        let (code, message) = client.refused_as(&reader, "GetParametersByPath", input).await;
        assert_eq!(code, "AccessDeniedException");
        assert!(message.contains(&format!("on resource: {} ", arn(resource))), "{message}");
    }
}
