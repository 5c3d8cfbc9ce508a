"""The only modules that speak with the outside: mail, SMS, the network, index series."""
