//! An in-process cloud with a seeded clock and entropy, for tests
