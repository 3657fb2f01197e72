"""Two pages of a tea room, for what must be known to the letter."""

TEA = "---\ntitle: Tea\nurl: /tea\n---\n\n# Tea\n\n## Opening hours\n\nThe tea room is open from 9:00 to 17:00.\n"
BREWING = "# Brewing\n\n## How long to brew\n\nGreen tea is brewed for 2 minutes, black tea for 4 minutes.\n"
