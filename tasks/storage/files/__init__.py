"""Files and folders of this machine, where results and keys lie."""
