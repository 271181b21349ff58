"""How sources are walked: plan, matcher, sweep, probing, descent, guard, memory."""
