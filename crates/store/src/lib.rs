//! The Store and Audit ports: the embedded engine, the segment log, and both in memory
