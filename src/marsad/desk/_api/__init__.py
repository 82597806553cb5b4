"""The API: what its addresses take and give is declared once, and both the answers and the description come of that."""
