/**
 * How a product becomes the token ids that a network reads: cleaning, recipe, WordPiece, and the learning of a vocabulary.
 *
 * <p>Every engine is fed through {@link io.aisle.core.text.TextRecipe#fit}; nothing else here or elsewhere may join, cut or tokenise
 * product text for a network.
 */
package io.aisle.core.text;
