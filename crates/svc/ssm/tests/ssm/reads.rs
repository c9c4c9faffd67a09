//! Reading several parameters at once.

use alcazar_testkit::TestCaller;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

/// Members of parameters, in the order of an answer.
fn told(answer: &Json, members: &[&str]) -> Vec<Vec<Json>> {
    let parameters = answer["Parameters"].as_array().unwrap();
    parameters.iter().map(|it| members.iter().map(|member| it[*member].clone()).collect()).collect()
}

async fn user(client: &Client, statements: Json) -> TestCaller {
    let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    client.cloud.user_with_policy(ACCOUNT, "reader", &policy).await
}

#[tokio::test]
async fn what_is_there_is_told_by_name_and_what_is_not_apart() {
    let client = Client::new(40);
    for name in ["/app/b", "/app/a", "top"] {
        client.put(name, "1").await;
    }
    client.overwrite("/app/a", "2").await;
    let names =
        ["/app/z", "/app/b", "/app/a:1", "/app/y", "/app/a", "/app/z", "/app/b", "/app/a:9", "/app/a:none"];
    let answer = client.ok("GetParameters", json!({"Names": names})).await;
    assert_eq!(answer["InvalidParameters"], json!(["/app/a:9", "/app/a:none", "/app/y", "/app/z"]));
    let expected = [
        [json!("/app/a"), json!("2"), Json::Null],
        [json!("/app/a"), json!("1"), json!(":1")],
        [json!("/app/b"), json!("1"), Json::Null],
    ];
    assert_eq!(told(&answer, &["Name", "Value", "Selector"]), expected);
}

#[tokio::test]
async fn every_spelling_is_answered_in_its_own_words() {
    let client = Client::new(41);
    client.put("top", "1").await;
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/top");
    let answer = client.ok("GetParameters", json!({"Names": ["top", "/top", arn, "top"]})).await;
    assert_eq!(told(&answer, &["Name", "ARN"]), [["/top", &arn], ["top", &arn], ["top", &arn]]);
    assert_eq!(answer["InvalidParameters"], json!([]));
    let nothing = client.ok("GetParameters", json!({"Names": ["other"]})).await;
    assert_eq!(nothing, json!({"InvalidParameters": ["other"], "Parameters": []}));
}

#[tokio::test]
async fn a_name_that_cannot_be_one_fails_the_call() {
    let client = Client::new(42);
    for name in ["a b", "a/b", "x:", "x:1:2"] {
        let (code, message) = client.refused("GetParameters", json!({"Names": ["ok", name]})).await;
        assert_eq!(code, "ValidationException", "{name}: {message}");
        assert_eq!((code, message), client.refused("GetParameter", json!({"Name": name})).await);
    }
}

#[tokio::test]
async fn one_name_that_may_not_be_read_denies_the_call() {
    let client = Client::new(43);
    client.put("/app/a", "1").await;
    let allowed = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/app/*");
    let reader =
        user(&client, json!([{"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": allowed}])).await;
    let both = json!({"Names": ["/app/a", "/app/none"]});
    assert_eq!(client.ok_as(&reader, "GetParameters", both).await["InvalidParameters"], json!(["/app/none"]));
    for other in ["/other", "/b/none"] {
        let names = json!({"Names": ["/app/a", other]});
        let (code, message) = client.refused_as(&reader, "GetParameters", names).await;
        assert_eq!(code, "AccessDeniedException");
        let resource = format!("on resource: arn:aws:ssm:us-east-1:{ACCOUNT}:parameter{other} because");
        assert!(message.contains(&resource), "{message}");
    }
    assert_eq!(
        client.refused_as(&reader, "GetParameter", json!({"Name": "/app/a"})).await.0,
        "AccessDeniedException"
    );
}

#[tokio::test]
async fn each_secure_string_is_decrypted_for_the_caller_or_the_call_fails() {
    let client = Client::new(44);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let put =
        |name: &str, key: &str| json!({"Name": name, "Value": name, "Type": "SecureString", "KeyId": key});
    client.ok("PutParameter", put("own", &key)).await;
    client.ok("PutParameter", put("managed", "alias/aws/ssm")).await;
    let input = json!({"Names": ["own", "managed"], "WithDecryption": true});
    let answer = client.ok("GetParameters", input.clone()).await;
    assert_eq!(told(&answer, &["Value"]), [["managed"], ["own"]]);
    let reader = user(&client, json!([{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}])).await;
    let managed = json!({"Names": ["managed"], "WithDecryption": true});
    assert_eq!(told(&client.ok_as(&reader, "GetParameters", managed).await, &["Value"]), [["managed"]]);
    let (code, message) = client.refused_as(&reader, "GetParameters", input.clone()).await;
    assert_eq!(code, "AccessDeniedException");
    assert!(message.contains("kms:Decrypt") && message.contains("(Service: AWSKMS;"), "{message}");
    let mut sealed = input.clone();
    sealed["WithDecryption"] = json!(false);
    client.ok_as(&reader, "GetParameters", sealed).await;
    client.kms("DisableKey", json!({"KeyId": key})).await;
    assert_eq!(client.refused("GetParameters", input).await.0, "InvalidKeyId");
}

#[tokio::test]
async fn spaces_around_a_name_do_not_count() {
    let client = Client::new(46);
    client.put("/app/a", "1").await;
    assert_eq!(client.read("  /app/a:1 ").await["Name"], "/app/a");
    let answer = client.ok("GetParameters", json!({"Names": [" /app/a", " none "]})).await;
    assert_eq!(told(&answer, &["Name"]), [["/app/a"]]);
    assert_eq!(answer["InvalidParameters"], json!([" none "]));
}

#[tokio::test]
async fn ten_names_are_the_most() {
    let client = Client::new(45);
    let names: Vec<_> = (0..11).map(|n| format!("n{n}")).collect();
    client.ok("GetParameters", json!({"Names": names[..10]})).await;
    for names in [json!(names), json!([])] {
        assert_eq!(client.refused("GetParameters", json!({"Names": names})).await.0, "ValidationException");
    }
}
