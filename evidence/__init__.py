"""Keep pre-shipment photos, compare them with a customer's, and recommend by the policy."""
