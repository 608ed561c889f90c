"""The law tower: 45 CFR 164.528 and the checks around a release; knows nothing of cryptography or storage."""
