"""名寄せ: from affiliation strings to institutions and countries, each with the evidence that decided."""
