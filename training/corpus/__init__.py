"""A fictional corpus with gold spans by construction. Every name, place, group and event in it is invented."""
