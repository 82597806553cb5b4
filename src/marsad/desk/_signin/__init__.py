"""Ways to show who one is: password, second factor, passkey, another organisation's word; and what slows guessing."""
