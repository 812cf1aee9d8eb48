"""One entry factory per kind of trigger; the only place that knows Powertools."""
