//! Whole processes for stories.
