//! Tests of basic selectors.

use super::*;

fn of_resource(kind: &str, value: &str) -> types::EventSelector {
    let resource =
        types::DataResource { r#type: Some(kind.into()), values: Some(vec![value.to_owned()].into()) };
    types::EventSelector { data_resources: Some(vec![resource].into()), ..types::EventSelector::default() }
}

#[test]
fn resources_are_named_as_aws_names_them() {
    const S3: &str = "AWS::S3::Object";
    const LAMBDA: &str = "AWS::Lambda::Function";
    for (kind, value) in [
        (S3, "arn:aws:s3"),
        (S3, "arn:aws:s3:::bucket/"),
        (S3, "arn:aws:s3:::bucket/prefix"),
        (S3, "arn:aws:s3:::"),
        (LAMBDA, "arn:aws:lambda"),
        (LAMBDA, "arn:aws:lambda:us-west-2:111111111111:function:helloworld"),
        ("AWS::DynamoDB::Table", "arn:aws:dynamodb:us-west-2:111111111111:table/t"),
    ] {
        read(&[of_resource(kind, value)]).unwrap_or_else(|error| panic!("{value}: {error:?}"));
    }
    for (kind, value, text) in [
        (S3, "arn:aws:s3:::*", "Value arn:aws:s3:::* for DataResources.Values is invalid."),
        (S3, "arn:aws:s3:::*/*", "Value arn:aws:s3:::*/* for DataResources.Values is invalid."),
        (S3, "bucket/", "Value bucket/ for DataResources.Values is invalid."),
        (S3, "arn:aws:s3:::aigo-", "Invalid S3 ARN: arn:aws:s3:::aigo-"),
        (LAMBDA, "arn:aws:lambda:*", "Value arn:aws:lambda:* for DataResources.Values is invalid."),
        (
            "AWS::S3::Bucket",
            "arn:aws:s3:::bucket/",
            "Value AWS::S3::Bucket for DataResources.Type is invalid. Valid values are: AWS::DynamoDB::Table, \
             AWS::Lambda::Function, AWS::S3::Object",
        ),
    ] {
        assert_eq!(read(&[of_resource(kind, value)]).unwrap_err().message(), Some(text), "{value}");
    }
}

#[test]
fn what_is_left_out_is_what_aws_takes_for_it() {
    assert_eq!(read(&[types::EventSelector::default()]).unwrap(), [BasicSelector::all_management_events()]);
    let none =
        types::EventSelector { include_management_events: Some(false), ..types::EventSelector::default() };
    read(&[none]).unwrap_err();
    let excluded = |source: &str| types::EventSelector {
        exclude_management_event_sources: Some(vec![source.to_owned()].into()),
        ..types::EventSelector::default()
    };
    read(&[excluded("kms.amazonaws.com")]).unwrap();
    read(&[excluded("iam.amazonaws.com")]).unwrap_err();
    read(&[]).unwrap_err();
    read(&std::array::from_fn::<_, 6, _>(|_| types::EventSelector::default())).unwrap_err();
}
