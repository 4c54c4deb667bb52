"""All that is needed to run it on servers; its modules are run from the folder above, and are not in the package."""
