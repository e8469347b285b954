/** How a product becomes the token ids that a network reads: cleaning, recipe, WordPiece. */
package io.aisle.core.text;
