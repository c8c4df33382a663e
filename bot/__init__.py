"""The edge: settings, composition, pages, LINE client and command line."""
