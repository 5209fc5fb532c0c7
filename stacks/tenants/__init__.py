"""The Pulumi project of tenants: plain `pulumi up` runs it, and so does the toolkit. Holds no intent."""
