"""The core: definitions, steps, settings, policy, plan, tables. Values in, values out.

It knows neither Prefect nor HTTP nor the SDK, and reads no clock.
"""
