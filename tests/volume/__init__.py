"""Lists and pages stay quick however much there is: rows and statements are counted, nothing is timed."""
