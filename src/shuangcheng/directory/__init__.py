"""Who and where: divisions, organisations, alliances, agreements, people, roles, programmes."""
