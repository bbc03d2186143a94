"""The directory of outside resources."""
