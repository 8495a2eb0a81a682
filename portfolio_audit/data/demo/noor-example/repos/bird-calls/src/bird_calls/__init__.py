"""Which bird sang just now?"""
