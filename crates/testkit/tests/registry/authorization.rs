//! Every operation asks the policies what AWS says that it asks them: the action, on a resource of a type of the
//! action's, with the action's condition keys.
//!
//! An operation is held against `models/authorization/`; where AWS's reference is wrong or silent, the corrections there
//! say so.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use alcazar_engine::Check;
use alcazar_shape::OperationModel;
use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::excuse::EXCUSES;
use crate::reference::{Reference, fits};
use crate::sample::{self, Things};

const ACCOUNT: &str = "111122223333";

/// What AWS says of the service that an action belongs to, and the action's name there.
fn reference_of(action: &str) -> (Reference, &str) {
    let (service, name) = action.split_once(':').unwrap();
    (Reference::of(service), name)
}

/// What each operation asks for its sample, and what AWS says of its service.
///
/// Whoever asks has policies that look at every condition key, since nobody finds out what none looks at.
async fn questions(seed: u64) -> Vec<(&'static OperationModel, Vec<Check>, Reference)> {
    let cloud = TestCloud::new(seed);
    let things = Things::new(&cloud, &cloud.root(ACCOUNT)).await;
    let mut curious = BTreeMap::new();
    let mut questions = Vec::new();
    for operation in sample::models(&cloud) {
        let service = operation.service.name;
        let reference = Reference::of(service);
        let account = things.caller(operation).account().to_string();
        let caller = match curious.entry((account, service)) {
            Entry::Occupied(caller) => caller.into_mut(),
            Entry::Vacant(free) => {
                let (account, name) = (free.key().0.clone(), format!("curious-about-{service}"));
                let caller = cloud.user_with_policy(&account, &name, &curiosity(&reference)).await;
                let tags = json!({"UserName": name, "Tags": [{"Key": "Team", "Value": "red"}]});
                sample::make(&cloud, &cloud.root(&account), "iam", "TagUser", tags).await;
                free.insert(caller)
            }
        };
        let input = sample::value(operation, &sample::of(operation, &things));
        let asked = cloud.checks(caller, operation, input).await;
        let checks = asked.unwrap_or_else(|error| panic!("{} asks nothing: {error:?}", operation.name));
        questions.push((operation, checks, reference));
    }
    questions
}

/// A policy that looks at every condition key of a service and says nothing. What only an attested caller has would
/// make it too long.
fn curiosity(reference: &Reference) -> String {
    let keys = reference.all_keys().into_iter().filter(|key| !key.starts_with("kms:RecipientAttestation:"));
    let condition: BTreeMap<_, _> = keys.map(|key| (key, "true")).collect();
    let statement = json!({"Effect": "Deny", "Action": "none:Nothing", "Resource": "*", "Condition": {"Null": condition}});
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

/// Fails with everything that was found, since what is wrong with one operation is often wrong with others.
fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn every_operation_asks_for_the_actions_that_aws_names() {
    let mut faults = Vec::new();
    for (operation, checks, reference) in questions(30).await {
        let (name, service) = (operation.name, operation.service.name);
        let asked: BTreeSet<_> = checks.iter().map(|check| check.action).collect();
        let mut may = BTreeSet::new();
        for action in reference.actions_of(name) {
            let full_name = format!("{service}:{action}");
            if !asked.contains(full_name.as_str()) {
                faults.push(format!("{name} does not ask for {full_name}, but for {asked:?}"));
            }
            match reference.action(action) {
                Some(facts) => may.extend(facts.dependent_actions.iter().cloned()),
                None => faults.push(format!("AWS knows no {full_name}")),
            }
            may.insert(full_name);
        }
        let others: Vec<_> = asked.iter().filter(|action| !may.contains(**action)).collect();
        if !others.is_empty() || asked.is_empty() != reference.is_open(name) {
            faults.push(format!("AWS says nothing of {others:?} for {name}"));
        }
    }
    assert_none(faults);
}

#[tokio::test]
async fn every_operation_asks_about_resources_of_the_types_that_aws_names() {
    let mut faults = Vec::new();
    for (operation, checks, _) in questions(31).await {
        let actions: BTreeSet<_> = checks.iter().map(|check| check.action).collect();
        for action in actions {
            let (reference, name) = reference_of(action);
            // That it is named at all is another test's.
            let Some(facts) = reference.action(name) else { continue };
            let mut asked = BTreeSet::new();
            for Check { resource, .. } in checks.iter().filter(|check| check.action == action) {
                let types = reference.types_of(name, resource);
                let is_any = resource == "*" || reference.is_collection(resource);
                if types.is_empty() && !(facts.resources.is_empty() && is_any) {
                    faults.push(format!("{} asks {action} about {resource}", operation.name));
                }
                asked.extend(types.into_iter().map(str::to_owned));
            }
            for (kind, facts) in &facts.resources {
                if facts.required && !asked.contains(kind) {
                    faults.push(format!("{} does not ask {action} about its {kind}", operation.name));
                }
            }
        }
    }
    assert_none(faults);
}

#[tokio::test]
async fn every_operation_gives_the_condition_keys_that_aws_names_and_no_others() {
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for (operation, checks, _) in questions(32).await {
        let keys = |check: &Check| {
            let (reference, name) = reference_of(check.action);
            let keys = reference.keys(name, &check.resource);
            keys.into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
        };
        // One request has one context, whatever is asked about it.
        let known: BTreeSet<String> = checks.iter().flat_map(keys).collect();
        for check in &checks {
            let Check { action, resource, context, .. } = check;
            let given: BTreeSet<_> = context.iter().map(|(key, _)| key).collect();
            for key in given.iter().filter(|key| !known.iter().any(|template| fits(template, key))) {
                faults.push(format!("AWS does not name {key} for {action}, which {} asks", operation.name));
            }
            let is_missing = |template: &String| !given.iter().any(|key| fits(template, key));
            for template in keys(check).iter().filter(|template| is_missing(template)) {
                match EXCUSES.iter().position(|excuse| excuse.is_for(operation.name, action, template)) {
                    Some(excuse) => _ = excused.insert(excuse),
                    None => {
                        faults.push(format!(
                            "{} asks {action} on {resource} without {template}",
                            operation.name
                        ));
                    }
                }
            }
        }
    }
    let idle = EXCUSES.iter().enumerate().filter(|(index, _)| !excused.contains(index));
    faults.extend(idle.map(|(_, excuse)| format!("nothing needs {excuse:?}")));
    assert_none(faults);
}
