"""The turn of a school year: promotion, graduation and handing on of a whole prefecture, taken back until confirmed."""
