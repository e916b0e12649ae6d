"""What the pages share: loaders (load), linked inputs (pick), renderers (show), roles, and actions that change something."""
