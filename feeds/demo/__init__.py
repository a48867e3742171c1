"""What a visitor sees first: a marketplace that never was, told in canonical documents and loaded like any feed.

shops/*.toml      who sells what, and how well they keep their promises
stories/*.toml    orders written by hand
stories/acts.toml what people did about them here: asked, answered, sent the money, contested, voted
names.toml        who buys, beside the people who sign in
habits.toml       why orders end, in the proportions of real ones
"""
