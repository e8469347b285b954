package io.aisle.core.settings;

/**
 * A named option of a job: {@code --name value} sets one key of the settings.
 *
 * @param name without the dashes
 * @param valueName how the usage text shows the value, e.g. {@code DIR}
 * @param key the HOCON path that the option sets
 * @param shape how the value is read
 * @param required whether the job cannot run without it
 * @param text one line of usage
 */
public record CommandOption(String name, String valueName, String key, Shape shape, boolean required, String text) {

    /** How the text after an option becomes a HOCON value. */
    public enum Shape {
        /** One text, number or flag. */
        SINGLE,
        /** Values between commas: a list. */
        LIST,
        /** {@code name=value} pairs between commas: an object. */
        MAP,
        /** Nothing after the option: it being there means true. */
        FLAG
    }

    public static CommandOption required(String name, String valueName, String key, String text) {
        return new CommandOption(name, valueName, key, Shape.SINGLE, true, text);
    }

    public static CommandOption optional(String name, String valueName, String key, String text) {
        return new CommandOption(name, valueName, key, Shape.SINGLE, false, text);
    }

    public static CommandOption list(String name, String valueName, String key, String text) {
        return new CommandOption(name, valueName, key, Shape.LIST, false, text);
    }

    public static CommandOption map(String name, String valueName, String key, String text) {
        return new CommandOption(name, valueName, key, Shape.MAP, false, text);
    }

    /** The same option where the value may be missing. */
    public CommandOption asOptional() {
        return new CommandOption(name, valueName, key, shape, false, text);
    }

    public static CommandOption flag(String name, String key, String text) {
        return new CommandOption(name, "", key, Shape.FLAG, false, text);
    }
}
