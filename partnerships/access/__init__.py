"""The only way to what the families of a school have: absent and forbidden look alike."""
