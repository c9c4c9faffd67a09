//! How long a compiled decision takes: for a principal with ten identity policies of twenty statements each within a
//! permissions boundary, and for a role session with service control policies on a key.
//!
//! The first must take at most 2 µs. The policies are of the kind that people write: several services in each, actions
//! with and without wildcards, ARNs with and without variables, conditions on tags, addresses and times, and denies
//! that look at every request. What allows the request stands near the end of the last policy.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where its own data is wrong")]

use std::hint::black_box;
use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_policy::{
    CompiledPolicy, Context, Decision, DecisionRequest, PolicyDocument, PolicyKind, Principal, PrincipalKind,
    PrincipalPolicies, Request, ResourceRule, decide,
};
use criterion::{Criterion, criterion_group, criterion_main};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const POLICIES: usize = 10;
const STATEMENTS: usize = 20;

/// The statements that a policy repeats, `{n}` being a number that tells them apart.
const STATEMENT_FORMS: [&str; STATEMENTS - 1] = [
    r#"{"Sid": "Read{n}", "Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::team-{n}-data", "arn:aws:s3:::team-{n}-data/*"]}"#,
    r#"{"Effect": "Allow", "Action": "s3:*Object", "Resource": "arn:aws:s3:::home-{n}/${aws:username}/*"}"#,
    r#"{"Effect": "Allow", "Action": ["ec2:Describe*", "elasticloadbalancing:Describe*", "autoscaling:Describe*"],
        "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Action": ["ec2:StartInstances", "ec2:StopInstances", "ec2:RebootInstances"],
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "team-{n}"}}}"#,
    r#"{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": "arn:aws:logs:*:111122223333:log-group:/app/{n}/*"}"#,
    r#"{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:*Batch*"],
        "Resource": ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders-{n}",
                     "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-{n}/index/*"]}"#,
    r#"{"Effect": "Allow", "Action": "sqs:*Message", "Resource": "arn:aws:sqs:*:111122223333:queue-{n}-*"}"#,
    r#"{"Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:*:111122223333:topic-{n}",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}}"#,
    r#"{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
        "Resource": "arn:aws:secretsmanager:*:111122223333:secret:app-{n}/*",
        "Condition": {"ForAnyValue:StringEquals": {"secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"]}}}"#,
    r#"{"Effect": "Allow", "Action": ["kms:DescribeKey", "kms:List*", "kms:Get*"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Action": ["kms:Decrypt", "kms:Encrypt"],
        "Resource": "arn:aws:kms:*:111122223333:key/{n}0000000-12ab-34cd-56ef-1234567890ab"}"#,
    r#"{"Effect": "Allow", "Action": ["lambda:InvokeFunction", "lambda:GetFunction*"],
        "Resource": "arn:aws:lambda:*:111122223333:function:app-{n}-*"}"#,
    r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app-{n}-*",
        "Condition": {"StringLike": {"iam:PassedToService": ["lambda.amazonaws.com", "ecs-tasks.*"]}}}"#,
    r#"{"Effect": "Allow", "Action": ["ssm:GetParameter*", "ssm:DescribeParameters"],
        "Resource": "arn:aws:ssm:*:111122223333:parameter/app/{n}/*"}"#,
    r#"{"Effect": "Allow", "Action": ["cloudwatch:PutMetricData", "cloudwatch:Get*", "cloudwatch:List*"],
        "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}}}"#,
    r#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/deploy-{n}"}"#,
    r#"{"Sid": "NoDelete{n}", "Effect": "Deny", "Action": ["s3:DeleteBucket*", "kms:ScheduleKeyDeletion"],
        "Resource": "*"}"#,
    r#"{"Effect": "Deny", "Action": "kms:*", "Resource": "arn:aws:kms:*:111122223333:key/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/sealed": "team-{n}"}}}"#,
    r#"{"Sid": "Regions{n}", "Effect": "Deny", "NotAction": ["iam:*", "sts:*", "organizations:*", "support:*"],
        "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}"#,
];

const LAST_OF_OTHERS: &str = r#"{"Effect": "Allow", "Action": "glue:Get*", "Resource": "arn:aws:glue:*:111122223333:database/db-{n}"}"#;
const LAST: &str = r#"{"Sid": "UseKeys", "Effect": "Allow", "Action": ["kms:Encrypt", "kms:GenerateDataKey*"],
    "Resource": "arn:aws:kms:*:111122223333:key/*",
    "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"},
                  "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}"#;

const BOUNDARY: [&str; 3] = [
    r#"{"Effect": "Allow", "Action": ["s3:*", "ec2:*", "logs:*", "dynamodb:*", "kms:*", "lambda:*"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app-*"}"#,
    r#"{"Effect": "Deny", "Action": ["iam:*Boundary", "kms:PutKeyPolicy"], "Resource": "*"}"#,
];

fn compile(kind: PolicyKind, statements: &[String]) -> Arc<CompiledPolicy> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    Arc::new(CompiledPolicy::compile(&PolicyDocument::parse(&text, kind).unwrap()))
}

fn identity_policies() -> Vec<Arc<CompiledPolicy>> {
    let policy = |number: usize| {
        let last = if number + 1 == POLICIES { LAST } else { LAST_OF_OTHERS };
        let forms = STATEMENT_FORMS.iter().chain([&last]);
        let statements: Vec<_> = forms.map(|form| form.replace("{n}", &number.to_string())).collect();
        assert_eq!(statements.len(), STATEMENTS);
        compile(PolicyKind::Identity, &statements)
    };
    (0..POLICIES).map(policy).collect()
}

/// The keys that a request has, as the engine gives them.
fn context() -> Context {
    let mut context = Context::new();
    context.insert("kms:CallerAccount", "111122223333");
    context.insert("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
    context.insert("kms:EncryptionContextKeys", "app");
    context.insert("kms:EncryptionContext:app", "shop");
    context.insert("aws:ResourceTag/team", "blue");
    context.insert("aws:ResourceAccount", "111122223333");
    context.insert("aws:PrincipalArn", "arn:aws:iam::111122223333:user/alice");
    context.insert("aws:PrincipalAccount", "111122223333");
    context.insert("aws:PrincipalType", "User");
    context.insert("aws:PrincipalTag/team", "blue");
    context.insert("aws:userid", "AIDAEXAMPLEEXAMPLEXAM");
    context.insert("aws:username", "alice");
    context.insert("aws:RequestedRegion", "eu-west-1");
    context.insert("aws:CurrentTime", Timestamp::from_secs(1_700_000_000));
    context.insert("aws:EpochTime", 1_700_000_000);
    context.insert("aws:SecureTransport", true);
    context.insert("aws:UserAgent", "Boto3/1.40 md/Botocore#1.40 ua/2.1 os/linux lang/python#3.12");
    context.insert("aws:ViaAWSService", false);
    context.insert("aws:SourceIp", std::net::IpAddr::from([10, 1, 2, 3]));
    context
}

fn measure(criterion: &mut Criterion, name: &str, request: &DecisionRequest<'_>) {
    assert_eq!(decide(request), Decision::Allowed);
    criterion.bench_function(name, |bencher| bencher.iter(|| decide(black_box(request))));
}

fn decisions(criterion: &mut Criterion) {
    let account = "111122223333".parse().unwrap();
    let context = context();
    let boundary = BOUNDARY.map(str::to_owned);
    let user = Principal {
        account,
        arn: "arn:aws:iam::111122223333:user/alice".into(),
        unique_id: None,
        kind: PrincipalKind::User,
    };
    let policies = PrincipalPolicies {
        identity: identity_policies(),
        boundary: Some(compile(PolicyKind::Identity, &boundary)),
        ..PrincipalPolicies::default()
    };
    let ask = |principal, principal_policies, resource_policy, resource_rule| DecisionRequest {
        request: Request { principal, action: "kms:Encrypt", resource: KEY, context: &context },
        principal_policies,
        resource_control: &[],
        resource_policy,
        resource_account: account,
        resource_rule,
    };
    measure(
        criterion,
        "ten policies of twenty statements",
        &ask(&user, &policies, None, ResourceRule::Ordinary),
    );

    let session = Principal {
        account,
        arn: "arn:aws:sts::111122223333:assumed-role/deploy/s1".into(),
        unique_id: None,
        kind: PrincipalKind::AssumedRole { role_arn: "arn:aws:iam::111122223333:role/deploy".into() },
    };
    let everything = String::from(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
    let no_leaving = String::from(r#"{"Effect": "Deny", "Action": "organizations:Leave*", "Resource": "*"}"#);
    let key_policy = String::from(
        r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}"#,
    );
    let policies = PrincipalPolicies {
        identity: vec![compile(PolicyKind::Identity, &[LAST.to_owned()])],
        boundary: policies.boundary.clone(),
        session: None,
        service_control: vec![
            vec![compile(PolicyKind::ServiceControl, std::slice::from_ref(&everything))],
            vec![compile(PolicyKind::ServiceControl, &[everything, no_leaving])],
        ],
    };
    let key_policy = compile(PolicyKind::Resource, &[key_policy]);
    measure(
        criterion,
        "a role session on a key",
        &ask(&session, &policies, Some(&key_policy), ResourceRule::MustAllow),
    );
}

criterion_group!(benches, decisions);
criterion_main!(benches);
