"""Trade between the home country and others, and gross domestic product, from the files people have."""
