//! Organizational units.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{OTHER, join, ok, organization, refused, root_id, text, texts, unit};

#[tokio::test]
async fn units_are_made_renamed_listed_and_deleted() {
    let cloud = TestCloud::new(20);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let first = unit(&cloud, &management, &root_id, "first").await;
    let second = unit(&cloud, &management, &root_id, "second").await;
    let inner = unit(&cloud, &management, &first, "second").await;
    let told = json!({"OrganizationalUnitId": inner});
    let told = ok(&cloud, &management, "DescribeOrganizationalUnit", told).await;
    let path = text(&told["OrganizationalUnit"]["Path"]);
    assert!(path.ends_with(&format!("/{root_id}/{first}/{inner}/")), "{path}");
    let taken = json!({"OrganizationalUnitId": first, "Name": "second"});
    let told = refused(&cloud, &management, "UpdateOrganizationalUnit", taken).await;
    assert_eq!(told, "DuplicateOrganizationalUnitException: An OU with the same name already exists.");
    let renamed = json!({"OrganizationalUnitId": first, "Name": "third"});
    let renamed = ok(&cloud, &management, "UpdateOrganizationalUnit", renamed).await;
    assert_eq!(
        (&renamed["OrganizationalUnit"]["Name"], &renamed["OrganizationalUnit"]["Id"]),
        (&json!("third"), &json!(first))
    );
    let listed = json!({"ParentId": root_id});
    let listed = ok(&cloud, &management, "ListOrganizationalUnitsForParent", listed).await;
    let mut names = texts(&listed["OrganizationalUnits"], "Name");
    names.sort();
    assert_eq!(names, ["second", "third"]);
    let parents = ok(&cloud, &management, "ListParents", json!({"ChildId": second})).await;
    assert_eq!(parents["Parents"], json!([{"Id": root_id, "Type": "ROOT"}]));
    let full =
        refused(&cloud, &management, "DeleteOrganizationalUnit", json!({"OrganizationalUnitId": first}))
            .await;
    assert!(
        full.starts_with("OrganizationalUnitNotEmptyException: The specified organizational unit (OU) is"),
        "{full}"
    );
    for gone in [inner, first] {
        ok(&cloud, &management, "DeleteOrganizationalUnit", json!({"OrganizationalUnitId": gone})).await;
        let told =
            refused(&cloud, &management, "DescribeOrganizationalUnit", json!({"OrganizationalUnitId": gone}))
                .await;
        assert_eq!(
            told,
            "OrganizationalUnitNotFoundException: You specified an organizational unit that doesn't exist."
        );
    }
}

#[tokio::test]
async fn a_unit_with_an_account_in_it_stays() {
    let cloud = TestCloud::new(21);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let unit_id = unit(&cloud, &management, &root_id, "unit").await;
    join(&cloud, &management, OTHER).await;
    let moved = json!({"AccountId": OTHER, "SourceParentId": root_id, "DestinationParentId": unit_id});
    ok(&cloud, &management, "MoveAccount", moved).await;
    let told =
        refused(&cloud, &management, "DeleteOrganizationalUnit", json!({"OrganizationalUnitId": unit_id}))
            .await;
    assert!(told.starts_with("OrganizationalUnitNotEmptyException"), "{told}");
}

#[tokio::test]
async fn units_stand_five_deep_and_no_deeper() {
    let cloud = TestCloud::new(22);
    let management = organization(&cloud).await;
    let mut parent_id = root_id(&cloud, &management).await;
    for depth in 0..5 {
        parent_id = unit(&cloud, &management, &parent_id, &format!("unit {depth}")).await;
    }
    let told = json!({"ParentId": parent_id, "Name": "too deep"});
    let told = refused(&cloud, &management, "CreateOrganizationalUnit", told).await;
    assert!(told.starts_with("ConstraintViolationException (OU_DEPTH_LIMIT_EXCEEDED)"), "{told}");
}

#[tokio::test]
async fn an_organization_has_as_many_units_as_its_quota() {
    let cloud = TestCloud::builder(23).quota("organizations.units", "2").build();
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let first = unit(&cloud, &management, &root_id, "first").await;
    unit(&cloud, &management, &first, "second").await;
    let told = json!({"ParentId": root_id, "Name": "third"});
    let told = refused(&cloud, &management, "CreateOrganizationalUnit", told).await;
    assert!(told.starts_with("ConstraintViolationException (OU_NUMBER_LIMIT_EXCEEDED)"), "{told}");
}

#[tokio::test]
async fn what_is_not_there_is_told_as_what_was_looked_for() {
    let cloud = TestCloud::new(24);
    let management = organization(&cloud).await;
    for operation in ["ListAccountsForParent", "ListOrganizationalUnitsForParent"] {
        let told = refused(&cloud, &management, operation, json!({"ParentId": "r-zzzz"})).await;
        assert_eq!(told, "ParentNotFoundException: You specified parent that doesn't exist.");
    }
    for child in ["ou-zzzz-abcdefgh", "999999999999"] {
        let told = refused(&cloud, &management, "ListParents", json!({"ChildId": child})).await;
        assert_eq!(told, "ChildNotFoundException: You specified a child that doesn't exist.");
    }
    let told = json!({"ParentId": "ou-zzzz-abcdefgh", "Name": "unit"});
    let told = refused(&cloud, &management, "CreateOrganizationalUnit", told).await;
    assert_eq!(told, "ParentNotFoundException: You specified parent that doesn't exist.");
}
