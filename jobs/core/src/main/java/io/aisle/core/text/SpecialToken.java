package io.aisle.core.text;

/** The tokens that BERT gives a meaning of their own. Their ids come from the {@link Vocabulary}. */
public enum SpecialToken {
    PADDING("[PAD]"),
    UNKNOWN("[UNK]"),
    CLASS("[CLS]"),
    SEPARATOR("[SEP]"),
    MASK("[MASK]");

    private static final SpecialToken[] VALUES = values();

    private final String piece;

    SpecialToken(String piece) {
        this.piece = piece;
    }

    /** How the token is written in a vocabulary, and in raw text, where tokenizers match it in exact upper case. */
    public String piece() {
        return piece;
    }

    /** The token that is written at {@code index} of the text, or null. */
    static SpecialToken at(String text, int index) {
        if (text.charAt(index) == '[') {
            for (SpecialToken token : VALUES) {
                if (text.startsWith(token.piece, index)) {
                    return token;
                }
            }
        }
        return null;
    }
}
