package io.aisle.core.text;

import java.util.List;

/** The word pieces of a product's text, by field, before it is cut. */
public final class FieldPieces {
    private final List<FieldBudget> fields;
    private final int[] pieces;

    FieldPieces(List<FieldBudget> fields, int[] pieces) {
        this.fields = fields;
        this.pieces = pieces;
    }

    /** The fields of the text, in order; those without a word are missing. */
    public List<FieldBudget> fields() {
        return fields;
    }

    /** Pieces of the i-th field. */
    public int pieces(int i) {
        return pieces[i];
    }

    /** Tokens of the whole text, with [CLS], the separators and the last [SEP]. */
    public int tokens() {
        int tokens = besidePieces();
        for (int of : pieces) {
            tokens += of;
        }
        return tokens;
    }

    /**
     * The room of each field where the text is cut to {@code maxTokens}: at most its pieces, and fewer where {@link TextRecipe#fit} has to
     * cut it, which takes whole words and so up to a word less or more.
     */
    public int[] kept(int maxTokens) {
        return TokenBudget.divide(
                pieces, fields.stream().mapToDouble(FieldBudget::share).toArray(), maxTokens - besidePieces());
    }

    private int besidePieces() {
        return 2 + Math.max(fields.size() - 1, 0);
    }
}
