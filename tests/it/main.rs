//! Stories of whole processes, and the rules of the house.

mod architecture;
