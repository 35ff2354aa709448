"""The assembled advice as people read it: one outline, written as text on a terminal and as a page of HTML."""
