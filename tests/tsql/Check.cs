// Reads T-SQL files and reports every syntax error that Microsoft's own parser (ScriptDom) finds in them.
//
// Arguments: the files. Output, UTF-8, one line per error: number of the file among the arguments from 0, line,
// column, message, separated by tabs. The last line is "checked" and the number of files: without it the run
// was cut short and says nothing.
//
// The grammar is that of SQL Server 2019. Only syntax is looked at: no table, column or function need exist.

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.SqlServer.TransactSql.ScriptDom;

static class Check
{
    static int Main(string[] files)
    {
        // The console's own encoding follows the locale; in C it would lose every letter beyond ASCII.
        using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)))
        {
            for (int number = 0; number < files.Length; number++)
                foreach (ParseError error in ErrorsIn(files[number]))
                    output.WriteLine(number + "\t" + error.Line + "\t" + error.Column + "\t" + OneLine(error.Message));
            output.WriteLine("checked\t" + files.Length);
        }
        return 0;
    }

    static IList<ParseError> ErrorsIn(string file)
    {
        IList<ParseError> errors;
        using (var text = new StreamReader(file, new UTF8Encoding(false, true)))
            new TSql150Parser(initialQuotedIdentifiers: true).Parse(text, out errors);
        return errors;
    }

    static string OneLine(string message)
    {
        return message.Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' ');
    }
}
