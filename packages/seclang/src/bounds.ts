/** Every hard maximum on hostile input in the engine, in one place: unit in the name, the attack it stops in the comment. */
