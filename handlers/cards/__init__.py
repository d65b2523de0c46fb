"""Cards that several themes show, and their buttons: what is here converses with nobody."""
