//! The order of the grants on a key by what a decision asks for.
//!
//! Under the key and the grantee they stand in the order of their operations, then of their source, then of their
//! encryption context constraint. All grants that answer a question alike stand together, so the first of them answers
//! for the rest, and the search goes on behind the last.

use alcazar_base::Region;
use alcazar_crypto::Keyring;
use alcazar_engine::{Name, NameBuilder};

use super::Grant;
use super::constraint::{Context, Pairs, text_of};
use super::operations::Operations;

const GRANTS_OF_GRANTEE: &str = "kms.grant_of_grantee";

/// What all grants to a grantee on a key begin with.
pub(super) fn of_grantee(keyring: &Keyring, region: &Region, key_id: &str, identity: &str) -> NameBuilder {
    Name::table(GRANTS_OF_GRANTEE).part(region.as_str()).part(key_id).blind(keyring, identity)
}

/// What those among them begin with that permit exactly these operations.
pub(super) fn of_operations(grantee: &NameBuilder, operations: Operations) -> NameBuilder {
    grantee.clone().part(&operations.digits())
}

/// What those among them begin with that have this source, or none.
pub(super) fn of_source(
    keyring: &Keyring,
    operations: &NameBuilder,
    source_arn: Option<&str>,
) -> NameBuilder {
    match source_arn {
        None => operations.clone().part("any"),
        Some(source_arn) => operations.clone().part("source").blind(keyring, source_arn),
    }
}

/// What those among them begin with that let every encryption context through.
pub(super) fn of_no_context(source: &NameBuilder) -> NameBuilder {
    source.clone().part("any")
}

/// What those among them begin with that let exactly these pairs through.
pub(super) fn of_equals(keyring: &Keyring, source: &NameBuilder, pairs: &[(String, String)]) -> NameBuilder {
    source.clone().part("equals").blind(keyring, &text_of(pairs))
}

/// What those among them begin with that want some pairs among others.
pub(super) fn of_subsets(source: &NameBuilder) -> NameBuilder {
    source.clone().part("subset")
}

/// What those among them begin with whose first pair is this.
pub(super) fn of_first_pair(
    keyring: &Keyring,
    subsets: &NameBuilder,
    pair: &(String, String),
) -> NameBuilder {
    subsets.clone().blind(keyring, &text_of(std::slice::from_ref(pair)))
}

/// What those among them begin with that want just these pairs.
pub(super) fn of_subset(keyring: &Keyring, first_pair: &NameBuilder, pairs: &Pairs) -> NameBuilder {
    first_pair.clone().blind(keyring, &text_of(pairs))
}

/// The record of a grant among those of its grantee.
pub(super) fn grantee_name(keyring: &Keyring, grant: &Grant) -> Name {
    let grantee = of_grantee(keyring, &grant.region, &grant.key_id, &grant.grantee.identity());
    let operations = of_operations(&grantee, grant.operations);
    let source = of_source(keyring, &operations, grant.constraints.source_arn.as_deref());
    let context = match grant.constraints.context() {
        Context::Exactly(pairs) => of_equals(keyring, &source, &pairs),
        Context::None => of_no_context(&source),
        Context::AtLeast(pairs) => match pairs.first() {
            None => of_no_context(&source),
            Some(first) => of_subset(keyring, &of_first_pair(keyring, &of_subsets(&source), first), &pairs),
        },
    };
    context.part(&grant.grant_id).name()
}
