//! Algorithms, the key hierarchy and envelope formats; no I/O
