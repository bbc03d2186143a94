"""What every form of the hub has by itself: tokens, one deed for one press, drafts, and changes of two people joined."""
