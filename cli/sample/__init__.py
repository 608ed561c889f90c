"""The records of an invented practice, which `demo` replays: package data, so that it runs far from a checkout."""
