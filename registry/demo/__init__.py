"""The demonstration: a small invented prefecture, made through the portal's own actions. Nothing else imports it."""
