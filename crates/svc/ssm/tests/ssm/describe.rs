//! What there is told of parameters.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

async fn described(client: &Client, input: Json) -> Vec<Json> {
    client.ok("DescribeParameters", input).await["Parameters"].as_array().unwrap().clone()
}

#[tokio::test]
async fn all_is_told_but_the_value() {
    let client = Client::new(70);
    let secure = json!({
        "Name": "/app/x", "Value": "secret", "Type": "SecureString", "Description": "d", "AllowedPattern": "[a-z]+",
        "Tags": [{"Key": "k", "Value": "v"}]});
    client.ok("PutParameter", secure).await;
    client
        .ok("PutParameter", json!({"Name": "top", "Value": "1", "Type": "String", "Tier": "Advanced"}))
        .await;
    let mut told = described(&client, json!({})).await;
    for parameter in &mut told {
        assert!(parameter["LastModifiedDate"].take().is_number());
    }
    let user = format!("arn:aws:iam::{ACCOUNT}:root");
    let arn = |name: &str| format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/{name}");
    let secure = json!({
        "ARN": arn("app/x"), "AllowedPattern": "[a-z]+", "DataType": "text", "Description": "d",
        "KeyId": "alias/aws/ssm", "LastModifiedDate": null, "LastModifiedUser": user, "Name": "/app/x", "Policies": [],
        "Tier": "Standard", "Type": "SecureString", "Version": 1});
    let plain = json!({
        "ARN": arn("top"), "DataType": "text", "LastModifiedDate": null, "LastModifiedUser": user, "Name": "top",
        "Policies": [], "Tier": "Advanced", "Type": "String", "Version": 1});
    assert_eq!(told, [secure, plain]);
    client
        .ok("PutParameter", json!({"Name": "/app/x", "Value": "abc", "Type": "String", "Overwrite": true}))
        .await;
    assert_eq!(described(&client, json!({})).await[0].get("KeyId"), None);
}

#[tokio::test]
async fn a_page_has_fifty_at_most() {
    let client = Client::new(71);
    for n in 0..52 {
        client.put(&format!("/p{}/n{n}", n % 7), "1").await;
    }
    let first = client.ok("DescribeParameters", json!({})).await;
    assert_eq!(first["Parameters"].as_array().unwrap().len(), 50);
    let second = client.ok("DescribeParameters", json!({"NextToken": first["NextToken"]})).await;
    assert_eq!((second["Parameters"].as_array().unwrap().len(), second.get("NextToken")), (2, None));
    let begun = json!([{"Key": "Name", "Option": "BeginsWith", "Values": ["/p1/", "/p2/n"]}]);
    let one = client.ok("DescribeParameters", json!({"ParameterFilters": begun, "MaxResults": 16})).await;
    assert_eq!((one["Parameters"].as_array().unwrap().len(), one.get("NextToken")), (16, None));
    assert_eq!(
        client.refused("DescribeParameters", json!({"MaxResults": 51})).await.0,
        "ValidationException"
    );
}

#[tokio::test]
async fn other_accounts_and_regions_are_not_told() {
    let client = Client::new(72);
    client.put("x", "1").await;
    for caller in [client.root.at("eu-west-1"), client.cloud.root("444455556666")] {
        assert_eq!(client.ok_as(&caller, "DescribeParameters", json!({})).await, json!({"Parameters": []}));
    }
}

#[tokio::test]
async fn what_others_share_is_told_apart() {
    let client = Client::new(73);
    let other = client.cloud.root("444455556666");
    let shared = async |input: Json| {
        let answer = client.ok_as(&other, "DescribeParameters", input).await;
        let name = |it: &Json| it["ARN"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let names: Vec<_> = answer["Parameters"].as_array().unwrap().iter().map(name).collect();
        (names.join(" "), answer["NextToken"].clone())
    };
    assert_eq!(shared(json!({"Shared": true})).await, (String::new(), Json::Null));
    let own = json!({"Name": "own", "Value": "1", "Type": "String"});
    client.ok_as(&other, "PutParameter", own).await;
    for name in ["a", "b", "c", "unshared"] {
        client
            .ok("PutParameter", json!({"Name": name, "Value": "1", "Type": "String", "Tier": "Advanced"}))
            .await;
    }
    for name in ["a", "b", "c"] {
        let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/{name}");
        let actions = ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"];
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": actions, "Resource": arn}]});
        client.ok("PutResourcePolicy", json!({"ResourceArn": arn, "Policy": policy.to_string()})).await;
    }
    assert_eq!(shared(json!({"Shared": true})).await, ("a b c".to_owned(), Json::Null));
    assert_eq!(shared(json!({"Shared": false})).await, ("own".to_owned(), Json::Null));
    assert_eq!(described(&client, json!({"Shared": true})).await, Vec::<Json>::new());
    let filters = json!([{"Key": "Name", "Option": "Contains", "Values": ["a", "b"]}]);
    let (first, token) = shared(json!({"Shared": true, "MaxResults": 1, "ParameterFilters": filters})).await;
    client.ok("DeleteParameter", json!({"Name": first})).await;
    let next = json!({"Shared": true, "MaxResults": 1, "ParameterFilters": filters, "NextToken": token});
    let (second, end) = shared(next.clone()).await;
    assert_eq!((first != second && "a b".contains(&second), end), (true, Json::Null));
    let mut unshared = next;
    unshared["Shared"] = json!(false);
    assert_eq!(client.refused_as(&other, "DescribeParameters", unshared).await.0, "InvalidNextToken");
}

#[tokio::test]
async fn it_takes_a_permission_for_all_of_them() {
    let client = Client::new(74);
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/*");
    for (name, resource, is_allowed) in [("one", arn.as_str(), false), ("all", "*", true)] {
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ssm:DescribeParameters", "Resource": resource}]});
        let user = client.cloud.user_with_policy(ACCOUNT, name, &policy.to_string()).await;
        if is_allowed {
            client.ok_as(&user, "DescribeParameters", json!({})).await;
            continue;
        }
        let (code, message) = client.refused_as(&user, "DescribeParameters", json!({})).await;
        assert_eq!(code, "AccessDeniedException");
        let resource =
            format!("ssm:DescribeParameters on resource: arn:aws:ssm:us-east-1:{ACCOUNT}:* because");
        assert!(message.contains(&resource), "{message}");
    }
}

#[tokio::test]
async fn a_page_that_looked_at_much_ends_early() {
    let client = Client::new(75);
    for n in 0..1_400 {
        client.put(&format!("/p/n{n}"), "1").await;
    }
    client.put("/p/wanted", "1").await;
    let (mut pages, mut names, mut token) = (0, Vec::new(), Json::Null);
    let filters = json!([{"Key": "Name", "Option": "Contains", "Values": ["want"]}]);
    loop {
        let input = json!({"ParameterFilters": filters, "NextToken": token});
        let answer = client.ok("DescribeParameters", input).await;
        let page = answer["Parameters"].as_array().unwrap();
        names.extend(page.iter().map(|it| it["Name"].clone()));
        pages += 1;
        token = answer["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!((pages, names), (2, vec![json!("/p/wanted")]));
}
