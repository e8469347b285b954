/** API keys: making them, keeping their hashes, recognising them, and how often each may ask. */
package io.aisle.serving.keys;
