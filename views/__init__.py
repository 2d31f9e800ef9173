"""The pages of the app in the browser and the few widgets they share."""
