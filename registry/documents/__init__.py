"""The forms and letters of the business as they go on paper: what they say, as PDF and as Excel."""
