"""yunwang (云网): one toolkit for a city's government cloud, its e-government extranet, and the way onto both."""

__version__ = "0.1.0"
